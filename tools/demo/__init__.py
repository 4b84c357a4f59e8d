"""The demo federation 嘉州: an invented city, its unions, 50,000 invented people, a few sign-ins.

    python -m tools.demo                    the whole federation into an empty database
    python -m tools.demo --small            a hundredth of it, for tests
    python -m tools.demo --workbook F.xlsx  only write the workbook of members

Nobody in it exists: identity numbers stand in area 999999, phones in blocks no carrier gives out.
Everything follows from one seed. Members come in through `import_members`, from a workbook with
the mess of real ones.
"""
