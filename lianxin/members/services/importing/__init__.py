"""Reading a union's roll from a workbook into the base, whole or again, exactly once.

A *run* is one reading of one file. Rows go in batches; a batch, its counts and how far the run has
come are one transaction, so a run that was cut off goes on where it stopped and nothing is taken
twice. A row that cannot be taken is kept as its number and a reason; its cells go back to the
office in an error workbook, each with a sentence why.
"""
