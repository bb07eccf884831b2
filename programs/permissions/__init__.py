"""Permission checks for routes that a release of MLflow leaves unchecked. Each asks for MLflow's own permissions."""
