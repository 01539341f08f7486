"""Pure decisions of dispatch, by what they are about. No store, no clock, no framework."""
