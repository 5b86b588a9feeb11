//! Decides the bot's next actions from its state and a turn.
