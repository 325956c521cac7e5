"""Reading and grading an answer: no network, no photo."""
