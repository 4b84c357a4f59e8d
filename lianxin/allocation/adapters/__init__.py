"""What stands between the web server and Django while many ask for few; sources a draw reads."""
