"""The sections of the report: each turns the tables into numbers and sentences, no markup."""
