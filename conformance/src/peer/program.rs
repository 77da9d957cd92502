//! Calls a connector: through its command line, with one process per request, or through its server.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, anyhow};
use test_support::{Reply, ask};

use super::release::Release;
use super::request::Request;
use super::response::Response;
use super::via::Via;
use crate::server::Server;

/// A connector's program.
#[derive(Debug)]
pub(super) struct Program {
    path: PathBuf,
    args: Vec<OsString>,
    variables: Vec<(&'static str, OsString)>,
    /// The arguments that start its server on a free port.
    serve: &'static [&'static str],
    /// Started by the first request that needs it.
    server: OnceLock<Result<Server, String>>,
    /// Where the program runs, and where its files are.
    folder: PathBuf,
    files: AtomicUsize,
}

impl Program {
    /// A Rust connector, which runs in `folder`.
    pub(super) fn rust(path: PathBuf, release: &Release, folder: &Path) -> Result<Self> {
        Self::new(
            path,
            Vec::new(),
            vec![("CONNECTOR_WIRE", release.wire.into()), ("CONNECTOR_LOG", "off".into())],
            &["serve", "--port", "0", "--no-access-log"],
            folder,
        )
    }

    /// The release's twin in `data`, which runs in `folder`. Compiled Python files are kept next to that.
    pub(super) fn python(python: PathBuf, release: &Release, data: &Path, folder: &Path) -> Result<Self> {
        let packages = std::env::join_paths([data.join(release.name), data.to_owned()])?;
        let compiled = folder.with_file_name("pycache");
        Self::new(
            python,
            vec!["-m".into(), "mock_connector".into()],
            vec![
                ("PYTHONPATH", packages),
                ("PYTHONPYCACHEPREFIX", compiled.into()),
                ("PYTHONUTF8", "1".into()),
            ],
            &["hacking", "http-server", "--port", "0"],
            folder,
        )
    }

    fn new(
        path: PathBuf,
        args: Vec<OsString>,
        variables: Vec<(&'static str, OsString)>,
        serve: &'static [&'static str],
        folder: &Path,
    ) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let (server, files) = (OnceLock::new(), AtomicUsize::new(0));
        Ok(Self { path, args, variables, serve, server, folder: folder.to_owned(), files })
    }

    /// Sends a request, but with other JSON.
    pub(super) fn call(&self, request: &Request, json: Option<&str>) -> Result<Response> {
        if let Some(args) = &request.args {
            return Ok(Response::from_output(&self.run(args)?));
        }
        let name = request.capability.as_str();
        match (request.via, json) {
            (Via::Json, Some(json)) => Ok(Response::from_output(&self.run([name, "--json", json])?)),
            (Via::Json, None) => Ok(Response::from_output(&self.run([name])?)),
            (Via::JsonFile, json) => {
                let file = self.new_file("json");
                fs::write(&file, json.unwrap_or_default()).context("cannot write a request")?;
                let args = [OsStr::new(name), OsStr::new("--json-file"), file.as_os_str()];
                Ok(Response::from_output(&self.run(args)?))
            }
            (Via::ResultFile, json) => {
                let file = self.new_file("json.gz");
                let mut args = vec![OsStr::new(name)];
                args.extend(json.into_iter().flat_map(|json| ["--json", json]).map(OsStr::new));
                args.extend([OsStr::new("--result-file-path"), file.as_os_str()]);
                Response::from_file(&self.run(args)?, &file)
            }
            (Via::Http, json) => {
                let path = format!("POST /{name} HTTP/1.1\r\nContent-Type: application/json");
                let head = request.head.as_ref().unwrap_or(&path);
                let connection = ask(self.server()?.host(), head, json.unwrap_or_default().as_bytes());
                Ok(Response::from_http(&Reply::read(connection)))
            }
        }
    }

    /// The path of a file that doesn't exist yet.
    fn new_file(&self, extension: &str) -> PathBuf {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        self.folder.join(format!("{}-{number}.{extension}", std::process::id()))
    }

    fn run(&self, args: impl IntoIterator<Item: AsRef<OsStr>>) -> Result<Output> {
        let mut command = self.command();
        command.args(args).output().with_context(|| format!("cannot start {}", self.path.display()))
    }

    fn server(&self) -> Result<&Server> {
        let start = || Server::start(self.command().args(self.serve)).map_err(|error| format!("{error:#}"));
        self.server.get_or_init(start).as_ref().map_err(|error| anyhow!("{error}"))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.args).current_dir(&self.folder).stdin(Stdio::null());
        // The user's own environment must not affect the comparison.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["CONNECTOR_", "LUMOS_", "PYTHON"].iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Its files are only useful while it runs. Nothing depends on their removal.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
