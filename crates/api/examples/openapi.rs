//! Prints the OpenAPI document, from which the pages' client is generated.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    let document = api::document().to_pretty_json().map_err(std::io::Error::other)?;
    writeln!(std::io::stdout(), "{document}")
}
