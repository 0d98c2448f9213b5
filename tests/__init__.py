"""Tests of the appraisal."""
