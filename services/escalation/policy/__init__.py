"""Pure decisions: what each event arms and ends, by when, whom the ladder tells, who may verify."""
