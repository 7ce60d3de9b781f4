"""What scripts for the XGBoost image import from it: reading data, training on several hosts, checkpoints, encoders."""
