//! Text to language, intents and sentiment: training, evaluation, inference.
