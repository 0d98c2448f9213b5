"""What the session answers, each part of it pure: arguments in, JSON values out."""
