"""Where rules meet files and heavy engines; none of it is loaded by a web page."""
