//! Canned responses: reusable texts (话术) with variables.

use crate::{Id, Language};

/// A reusable text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CannedResponse {
    /// Identifies it.
    pub id: Id<CannedResponse>,
    /// What an agent types after `/`; unique in the account.
    pub short_code: String,
    /// The language that it is written in.
    pub language: Language,
    /// The text; `{{contact.name}}` and its like are filled in.
    pub text: String,
}

/// What the variables of a canned response stand for.
#[derive(Clone, Copy, Debug)]
pub struct Variables<'a> {
    /// `contact.name`
    pub contact_name: &'a str,
    /// `agent.name`
    pub agent_name: &'a str,
    /// `conversation.id`
    pub conversation_id: i64,
}

impl Variables<'_> {
    /// Fills the variables into `text`. A variable that does not exist stays as
    /// it is written, so that an agent sees the mistake before sending.
    pub fn render(&self, text: &str) -> String {
        let mut rendered = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let (before, from_start) = rest.split_at(start);
            rendered.push_str(before);
            let Some(length) = from_start.find("}}") else {
                rest = from_start;
                break;
            };
            let (variable, after) = from_start.split_at(length + 2);
            match self.value(variable[2..length].trim()) {
                Some(value) => rendered.push_str(&value),
                None => rendered.push_str(variable),
            }
            rest = after;
        }
        rendered.push_str(rest);
        rendered
    }

    fn value(&self, name: &str) -> Option<String> {
        match name {
            "contact.name" => Some(self.contact_name.to_owned()),
            "agent.name" => Some(self.agent_name.to_owned()),
            "conversation.id" => Some(self.conversation_id.to_string()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VARIABLES: Variables<'_> =
        Variables { contact_name: "小王", agent_name: "Ada", conversation_id: 7 };

    #[test]
    fn variables_are_filled_in() {
        let text =
            VARIABLES.render("您好 {{ contact.name }}，我是{{agent.name}}（{{conversation.id}}）");

        assert_eq!(text, "您好 小王，我是Ada（7）");
    }

    #[test]
    fn an_unknown_variable_stays_visible() {
        assert_eq!(VARIABLES.render("{{order.id}} and {{ open"), "{{order.id}} and {{ open");
    }

    #[test]
    fn a_value_is_not_rendered_again() {
        let variables = Variables { contact_name: "{{agent.name}}", ..VARIABLES };

        assert_eq!(variables.render("{{contact.name}}"), "{{agent.name}}");
    }
}
