"""Pure decisions of notification. No store, no clock, no framework."""
