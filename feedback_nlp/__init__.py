"""feedback_nlp: reads what customers wrote and explains the score they gave."""
