"""What a person takes home: a routine as a sheet for print, a calendar file, and plain text. Pure: nothing is kept."""
