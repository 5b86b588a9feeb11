//! The binary as people start it: real processes in folders of their own.
//!
//! One test binary, because linking is slow. Nothing waits for a time: a server
//! says when it listens, and a process that should end is waited for.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_start;
mod config;
mod keep;
mod life;
mod nlu;
mod nlu_figures;
mod nlu_files;
mod nlu_pull;
mod people;
mod swell;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

/// The binary, in an environment without settings.
fn attune(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_attune"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ATTUNE") {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command
}

/// Runs a command to its end.
fn run(arguments: &[&str]) -> Output {
    attune(arguments).stdin(Stdio::null()).output().unwrap()
}

/// Runs a command that must succeed, and returns what it said.
fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

/// A server that listens. It is killed when it is dropped.
struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Server {
    /// Starts `serve` or `demo` on a folder and waits until it listens.
    fn start(command: &str, folder: &Path) -> Self {
        Server::start_with(command, folder, &[])
    }

    /// The same, with settings in the environment.
    fn start_with(command: &str, folder: &Path, settings: &[(&str, &str)]) -> Self {
        let folder = folder.to_str().unwrap();
        let mut child = attune(&[command, "--data", folder, "--listen", "127.0.0.1:0"])
            .env("ATTUNE__LOG__LEVEL", "error")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .expect("the server listens")
            .to_owned();
        Server { child, stdout, address }
    }

    /// Reads what it prints until a line contains `part`.
    fn read_until(&mut self, part: &str) -> String {
        let mut line = String::new();
        while !line.contains(part) {
            line.clear();
            assert_ne!(self.stdout.read_line(&mut line).unwrap(), 0, "it never said {part:?}");
        }
        line.trim().to_owned()
    }

    /// Asks for a path and returns the head and the body of the answer.
    fn get(&self, path: &str) -> (String, String) {
        self.ask(&format!("GET {path}"), "", b"")
    }

    /// The same, with one more line in the head.
    fn get_with(&self, path: &str, header: &str) -> (String, String) {
        self.ask(&format!("GET {path}"), &format!("{header}\r\n"), b"")
    }

    /// Sends JSON to a path.
    fn post(&self, path: &str, body: &str) -> (String, String) {
        let length = body.len();
        let headers = format!("content-type: application/json\r\ncontent-length: {length}\r\n");
        self.ask(&format!("POST {path}"), &headers, body.as_bytes())
    }

    fn ask(&self, line: &str, headers: &str, body: &[u8]) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "{line} HTTP/1.1\r\nhost: {}\r\n{headers}connection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    /// The key of the demo company's inbox, as its page has it.
    fn inbox_key(&self) -> String {
        let (_, page) = self.get("/demo/zh.html");
        let (_, rest) = page.split_once("data-inbox=\"").expect("the page has the widget");
        rest.split('"').next().unwrap().to_owned()
    }

    /// Ends it as a service manager does, and returns its exit code.
    fn end(self) -> Option<i32> {
        self.ask_to_end();
        self.ended()
    }

    /// Asks it to end, as a service manager does.
    fn ask_to_end(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Waits until it has ended, and returns its exit code.
    fn ended(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Ends it as a power cut does.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every file below a folder with its content; folders have none.
fn snapshot(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        if path.is_dir() {
            found.insert(name, Vec::new());
            found.extend(snapshot(&path));
        } else {
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}
