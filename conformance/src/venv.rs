//! Virtual environments for what comes from the Python Package Index. Each is created once, and again when its
//! requirements change.
//!
//! uv fills them: it takes a second or two where pip takes ten or more. If uv can't, pip does.

use std::env;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

/// Written last: an environment without it is incomplete. Holds the requirements that were installed.
const STAMP: &str = "installed.txt";

/// The requirements of each environment. Those with a release's name are for that release of connector-py.
const ENVIRONMENTS: &[(&str, &[&str])] = &[
    ("3.2.0", &["connector-py[all]==3.2.0", "httpx", "fastapi", "uvicorn"]),
    // With what `connector compile-on-prem` needs.
    ("agent", &["connector-py[dev]==4.280.0"]),
    ("4.280.0", &["connector-py[dev]==4.280.0", "uvicorn"]),
    ("cyclonedx", &["cyclonedx-python-lib[json-validation]"]),
    ("kubernetes-validate", &["kubernetes-validate"]),
    // Newer releases may find more.
    ("openapi", &["openapi-spec-validator==0.9.0", "schemathesis==4.32.5", "PyYAML==6.0.3"]),
];

/// The installer, which has its own environment.
const UV: &str = "uv==0.13.9";

/// Variables that configure pip, and those of uv with the same meaning.
const VARIABLES: [(&str, &str); 3] = [
    ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
    ("PIP_EXTRA_INDEX_URL", "UV_INDEX"),
    ("PIP_FIND_LINKS", "UV_FIND_LINKS"),
];

/// Creates the environment `name` below `root` unless it exists. Returns its Python.
pub(crate) fn prepare(root: &Path, name: &str) -> Result<PathBuf> {
    let Some((_, requirements)) = ENVIRONMENTS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = ENVIRONMENTS.iter().map(|(known, _)| *known).collect();
        bail!("unknown environment {name}: expected one of {}", known.join(", "))
    };
    fs::create_dir_all(root).with_context(|| format!("cannot create {}", root.display()))?;
    // Several processes may need an environment at once. All but one wait here.
    let lock = File::create(root.join("lock")).context("cannot create a lock file")?;
    lock.lock().context("cannot lock the environments")?;

    let home = root.join(name);
    complete(&home, &requirements.join("\n"), |venv, python| {
        install_with_uv(&root.join("uv"), venv, python, requirements).or_else(|error| {
            eprintln!("{error:#}; trying pip");
            install_with_pip(venv, python, requirements)
        })
    })
}

fn install_with_uv(home: &Path, venv: &Path, python: &Path, requirements: &[&str]) -> Result<()> {
    let uv = installer(home)?;
    let command = |args: &[&str]| {
        let mut command = Command::new(&uv);
        command.args(args).arg("--quiet").arg("--cache-dir").arg(home.join("cache"));
        command.envs(uv_variables(|name| env::var(name).ok()));
        command
    };
    let mut create = command(&["venv", "--clear", "--no-python-downloads"]);
    run(create.args(["--python", "python3"]).arg(venv), "uv venv")?;
    // Without the bytecode, each of the hundreds of processes to come would compile everything it imports.
    let mut install = command(&["pip", "install", "--system-certs", "--compile-bytecode"]);
    run(install.arg("--python").arg(python).args(requirements), "uv pip install")
}

/// The variables that have uv use the same package index as pip. Those that are already set have priority.
fn uv_variables(variable: impl Fn(&str) -> Option<String>) -> Vec<(&'static str, String)> {
    let translate = |(pip, uv): &(&str, &'static str)| {
        let value = variable(pip).filter(|_| variable(uv).is_none())?;
        // pip separates locations with spaces, uv with commas.
        let separator = if *uv == "UV_FIND_LINKS" { "," } else { " " };
        Some((*uv, value.split_whitespace().collect::<Vec<_>>().join(separator)))
    };
    VARIABLES.iter().filter_map(translate).collect()
}

/// Creates an environment and has its pip install the requirements.
fn install_with_pip(venv: &Path, python: &Path, requirements: &[&str]) -> Result<()> {
    let mut create = Command::new("python3");
    run(create.args(["-m", "venv", "--clear"]).arg(venv), "python3 -m venv")
        .context("it needs Python 3.10 or newer with the venv module (Debian: python3-venv)")?;
    let mut install = Command::new(python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    run(install.args(requirements), "pip install")
}

/// Installs uv below `home` unless it exists. Returns its path.
fn installer(home: &Path) -> Result<PathBuf> {
    let python = complete(home, UV, |venv, python| install_with_pip(venv, python, &[UV]))?;
    Ok(python.with_file_name("uv"))
}

/// Has `create` create an environment in `home`, given its folder and its Python, unless it exists.
fn complete(home: &Path, stamp: &str, create: impl FnOnce(&Path, &Path) -> Result<()>) -> Result<PathBuf> {
    let venv = home.join("venv");
    let python = venv.join("bin").join("python");
    if is_complete(home, &python, stamp) {
        return Ok(python);
    }
    fs::create_dir_all(home).with_context(|| format!("cannot create {}", home.display()))?;
    remove(&home.join(STAMP))?;
    eprintln!("installing {} into {}", stamp.replace('\n', " "), venv.display());
    create(&venv, &python)?;
    fs::write(home.join(STAMP), stamp).context("cannot record what has been installed")?;
    Ok(python)
}

/// Whether the environment has these requirements, and its Python still runs. It stops running when the system's
/// Python is replaced.
fn is_complete(home: &Path, python: &Path, stamp: &str) -> bool {
    let runs = || Command::new(python).args(["-c", ""]).stderr(Stdio::null()).status();
    fs::read_to_string(home.join(STAMP)).is_ok_and(|found| found == stamp)
        && runs().is_ok_and(|status| status.success())
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", file.display()))
        }
        _ => Ok(()),
    }
}

/// Runs a command that must succeed. What it prints goes to stderr: stdout is for the result.
fn run(command: &mut Command, name: &str) -> Result<()> {
    let status = command.stdin(Stdio::null()).stdout(std::io::stderr()).status();
    let status = status.with_context(|| format!("cannot start {name}"))?;
    ensure!(status.success(), "{name} failed, see above");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uv_uses_the_same_index_as_pip() {
        let variable = |name: &str| match name {
            "PIP_FIND_LINKS" => Some("/wheels https://example.com/more".to_owned()),
            "PIP_INDEX_URL" => Some("https://example.com/simple".to_owned()),
            "PIP_EXTRA_INDEX_URL" | "UV_INDEX" => Some("https://example.com/extra".to_owned()),
            _ => None,
        };
        let expected = [
            ("UV_DEFAULT_INDEX", "https://example.com/simple".to_owned()),
            ("UV_FIND_LINKS", "/wheels,https://example.com/more".to_owned()),
        ];
        assert_eq!(uv_variables(variable), expected);
    }

    #[test]
    fn an_environment_is_created_once_for_each_list_of_requirements() {
        let home = env::temp_dir().join(format!("conformance-venv-{}", std::process::id()));
        let mut created = 0;
        let mut prepared = |stamp: &str| {
            let python = complete(&home, stamp, |venv, python| {
                created += 1;
                fs::create_dir_all(venv.join("bin"))?;
                // Any program that accepts `-c ''` stands in for Python.
                remove(python)?;
                std::os::unix::fs::symlink("/bin/sh", python)?;
                Ok(())
            });
            (python.unwrap(), created)
        };
        let (python, _) = prepared("a");
        assert_eq!(prepared("a").1, 1);
        assert_eq!(prepared("b").1, 2, "other requirements");
        fs::remove_file(&python).unwrap();
        assert_eq!(prepared("b").1, 3, "no Python");
        assert!(complete(&home, "c", |_, _| bail!("no network")).is_err());
        assert_eq!(prepared("b").1, 4, "incomplete");
        fs::remove_dir_all(&home).unwrap();
    }
}
