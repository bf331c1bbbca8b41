"""Pages of plans and actions, by noun: plans, actions, and what happens to an action."""
