//! The tokens by which visitors are known again.

use domain::Inbox;
use subtle::ConstantTimeEq as _;

use crate::Desk;
use crate::secret::sign;

/// A token is this, the key of its inbox, a dot, random digits, and digits that
/// prove it is ours.
const TOKEN_PREFIX: &str = "vt_";
const RANDOM_DIGITS: usize = 64;
const PROOF_BYTES: usize = 16;

impl Desk {
    /// Makes a token for a visitor of an inbox. It is stored nowhere until its
    /// holder says something.
    pub(crate) fn new_visitor_token(&self, inbox: &Inbox) -> String {
        let random = hex::encode(self.draw::<{ RANDOM_DIGITS / 2 }>());
        let proof = self.proof(inbox, &random);
        format!("{TOKEN_PREFIX}{}.{random}{}", inbox.key, hex::encode(proof))
    }

    /// Whether we made a token, for this inbox.
    pub(crate) fn is_our_token(&self, inbox: &Inbox, token: &str) -> bool {
        let Some((key, digits)) = parts(token) else { return false };
        let Some((random, proof)) = digits.split_at_checked(RANDOM_DIGITS) else { return false };
        let Ok(proof) = hex::decode(proof) else { return false };
        key == inbox.key && bool::from(self.proof(inbox, random).as_slice().ct_eq(&proof))
    }

    fn proof(&self, inbox: &Inbox, random: &str) -> [u8; PROOF_BYTES] {
        let key = &self.parts.keys.visitor;
        let signature = sign(key, &[&inbox.id.number().to_le_bytes(), random.as_bytes()]);
        signature[..PROOF_BYTES].try_into().expect("sixteen of thirty-two bytes")
    }
}

/// Reads for which inbox a token was made, by the inbox's public key. Whether it
/// is genuine is another matter.
pub fn inbox_of_token(token: &str) -> Option<&str> {
    parts(token).map(|(key, _)| key)
}

fn parts(token: &str) -> Option<(&str, &str)> {
    token.strip_prefix(TOKEN_PREFIX)?.rsplit_once('.')
}
