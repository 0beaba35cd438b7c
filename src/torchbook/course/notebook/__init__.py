"""What a lesson puts on its page beside text and pictures: exercises, the quiz, and training that runs elsewhere."""
