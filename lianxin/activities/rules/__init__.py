"""What holds for activities, without Django: states, days, questions, calendars."""
