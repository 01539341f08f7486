"""Pure decisions of the console: who stays signed in how long, what a password must be, what a board shows."""
