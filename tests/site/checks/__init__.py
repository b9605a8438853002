"""What every page keeps to in a browser: functions of a page, each returns what is wrong there."""
