//! What the program says when it cannot begin.

use std::process::Command;

#[test]
fn without_a_server_it_says_what_to_do() {
    let faults = Command::new(env!("CARGO_BIN_EXE_faults"))
        .args(["--kills", "1", "--attune", "/nowhere/attune"])
        .output()
        .unwrap();

    let said = String::from_utf8(faults.stderr).unwrap();
    assert_eq!(faults.status.code(), Some(1), "{said}");
    assert_eq!(said, "faults: there is no /nowhere/attune; build it first\n");
}
