"""Commands: options in, reports out. They hold no rule of the appraisal."""
