//! The command `serve`, run as a process.

use test_support::Serving;

use crate::support::{REQUEST, program, run, serve, status, stderr};

#[test]
fn signals_stop_the_server_with_status_0() {
    for (command, signal) in
        [(&["serve", "-p", "0"][..], "-TERM"), (&["hacking", "http-server", "-p", "0"], "-INT")]
    {
        let serving = serve(command);
        let reply = serving.post("/list_accounts", REQUEST);
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n") && reply.contains("user0@example.com"), "{reply}");
        let (status, log) = serving.stop(signal);
        assert_eq!(status, Some(0), "{command:?}");
        assert!(
            log.contains("\"capability\":\"list_accounts\",\"status\":200,\"outcome\":\"success\""),
            "{log}"
        );
    }
}

#[test]
fn access_log_can_be_disabled() {
    let serving = serve(&["serve", "-p", "0", "--no-access-log"]);
    serving.post("/list_accounts", REQUEST);
    assert_eq!(serving.stop("-TERM"), (Some(0), String::new()));
}

#[test]
fn public_address_requires_a_token_or_insecure() {
    let output = run(&["serve", "-p", "0", "--host", "0.0.0.0"]);
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("--token-env") && stderr(&output).contains("--insecure"),
        "{}",
        stderr(&output)
    );
    let output = run(&["serve", "-p", "0", "--token-env", "NO_SUCH_VARIABLE"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("NO_SUCH_VARIABLE"));
}

#[test]
fn white_space_around_a_token_is_ignored() {
    for value in ["canary-token\n", "canary-token\r\n", " \tcanary-token "] {
        let mut command = program();
        command.args(["serve", "-p", "0", "--token-env", "TOKEN"]).env("TOKEN", value);
        let serving = Serving::start(command);
        let reply = serving.post_with("/list_accounts", "Authorization: Bearer canary-token\r\n", REQUEST);
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{value:?}: {reply}");
        assert!(serving.post("/list_accounts", REQUEST).starts_with("HTTP/1.1 401 "));
        assert_eq!(serving.stop("-TERM").0, Some(0));
    }
}

#[test]
fn allowed_hosts_come_from_options_or_the_variable() {
    let options = &["--allow-host", "a.example", "--allow-host", "b.example"][..];
    for (args, variable, allowed) in [
        (options, "c.example", ["a.example", "b.example:80"]),
        (&[], " c.example, D.example", ["c.example", "d.example"]),
    ] {
        let mut command = program();
        command.args(["serve", "-p", "0"]).args(args).env("CONNECTOR_ALLOW_HOST", variable);
        let serving = Serving::start(command);
        let info = |host: &str| serving.get_with("/info", &format!("Host: {host}\r\n"));
        for host in allowed {
            assert!(info(host).starts_with("HTTP/1.1 200 "), "{host}");
        }
        assert!(info("x.example").starts_with("HTTP/1.1 421 "));
        assert_eq!(args.is_empty(), info("c.example").starts_with("HTTP/1.1 200 "));
        assert_eq!(serving.stop("-TERM").0, Some(0));
    }
}

#[test]
fn invalid_allowed_hosts_are_usage_errors() {
    let output = run(&["serve", "-p", "0", "--allow-host", "https://a.example"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("without scheme and port"), "{}", stderr(&output));
    let output = program().args(["serve", "-p", "0"]).env("CONNECTOR_ALLOW_HOST", "a.example,*").output();
    let output = output.expect("it ends");
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).starts_with("error: CONNECTOR_ALLOW_HOST: "), "{}", stderr(&output));
}

/// A list of nothing would allow every host.
#[test]
fn an_empty_name_in_a_list_of_hosts_is_rejected() {
    for value in [",", " ", " , ", "a.example,", ",a.example", "a.example,,b.example"] {
        let mut command = program();
        let output = command.args(["serve", "-p", "0"]).env("CONNECTOR_ALLOW_HOST", value).output();
        let output = output.expect("it ends");
        assert_eq!(status(&output), 2, "{value:?}");
        assert!(
            stderr(&output).starts_with("error: CONNECTOR_ALLOW_HOST: a name in the list is empty"),
            "{value:?}: {}",
            stderr(&output)
        );
    }
    for flag in ["--allow-host", "--cors"] {
        for value in ["", " ", ",", "a.example,b.example"] {
            let output = run(&["serve", "-p", "0", flag, value]);
            assert_eq!(status(&output), 2, "{flag} {value:?}: {}", stderr(&output));
        }
    }
}

#[test]
fn invalid_tokens_are_usage_errors() {
    for value in ["\n", "  ", "canary\ntoken", "canary\u{7f}token"] {
        let mut command = program();
        command.args(["serve", "-p", "0", "--token-env", "TOKEN"]).env("TOKEN", value);
        let output = command.output().expect("it ends");
        assert_eq!(status(&output), 2, "{value:?}");
        assert!(
            stderr(&output).contains("TOKEN") && !stderr(&output).contains("canary"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn invalid_worker_threads_are_usage_errors() {
    for value in ["0", "-1", "many", "1e3", "1025", "99999999999999999999"] {
        let mut command = program();
        let output = command.args(["serve", "-p", "0"]).env("TOKIO_WORKER_THREADS", value).output();
        let output = output.expect("it ends");
        assert_eq!(status(&output), 2, "{value}");
        assert_eq!(stderr(&output), "error: TOKIO_WORKER_THREADS: expected a number from 1 to 1024\n");
    }
    for value in ["", "1", "3"] {
        let mut command = program();
        command.args(["serve", "-p", "0"]).env("TOKIO_WORKER_THREADS", value);
        assert_eq!(Serving::start(command).stop("-TERM").0, Some(0), "{value:?}");
    }
}

#[test]
fn port_in_use_exits_with_3() {
    // Listen on the first address of the name. The server must not fall back to a second one.
    let taken = std::net::TcpListener::bind("localhost:0").unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port().to_string();
    for host in [address.ip().to_string(), "localhost".to_owned()] {
        let output = run(&["serve", "-p", &port, "--host", &host]);
        assert_eq!(status(&output), 3);
        let message = stderr(&output);
        assert!(message.contains(&format!("cannot listen on {host} port {port}: ")), "{message}");
        assert!(message.contains("--port"), "{message}");
    }
}

#[test]
fn unknown_host_exits_with_3() {
    for host in ["no-such-host.invalid", "192.0.2.1", "", "::1::", "http://localhost"] {
        let output = run(&["serve", "-p", "0", "--host", host]);
        assert_eq!(status(&output), 3, "{host}");
        let message = stderr(&output);
        assert!(message.starts_with(&format!("error: cannot listen on {host} port 0: ")), "{message}");
    }
}

#[test]
fn host_can_be_an_ip_address_or_a_name() {
    let has_ipv6 = std::net::TcpListener::bind("[::1]:0").is_ok();
    let hosts = [("127.0.0.1", "127.0.0.1:"), ("localhost", ""), ("::1", "[::1]:"), ("[::1]", "[::1]:")];
    for (host, address) in hosts.into_iter().filter(|(host, _)| has_ipv6 || !host.contains(':')) {
        let serving = serve(&["serve", "-p", "0", "--host", host]);
        assert!(serving.address.starts_with(address), "{}", serving.address);
        // The `Host` of this request is the address, as in a browser that opens the printed URL.
        let reply = serving.post("/list_accounts", REQUEST);
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
        assert_eq!(serving.stop("-TERM").0, Some(0));
    }
}

#[test]
fn cors_for_all_origins_requires_a_token_or_insecure() {
    let output = run(&["serve", "-p", "0", "--cors", "*"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("--token-env") && stderr(&output).contains("--insecure"));
    let output = run(&["serve", "-p", "0", "--cors", "https://admin.example/app"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("without a path"), "{}", stderr(&output));
    for (args, allowed) in [
        (&["--cors", "https://a.example", "--cors", "https://b.example"][..], "https://b.example"),
        (&["--cors", "*", "--insecure"], "*"),
    ] {
        let serving = serve(&[&["serve", "-p", "0"], args].concat());
        let reply = serving.post("/list_accounts HTTP/1.1\r\nOrigin: https://b.example\r\nX:", REQUEST);
        assert!(reply.contains(&format!("access-control-allow-origin: {allowed}\r\n")), "{reply}");
        serving.stop("-TERM");
    }
}

#[test]
fn trace_log_does_not_leak_secrets() {
    let serving = serve(&["-vvv", "serve", "-p", "0"]);
    let canary = "canary-7Kq2-zzzz";
    for settings in ["{}", r#"{"panic":true}"#, r#"{"fail_with_status":500}"#, r#""canary-7Kq2-zzzz""#] {
        let request = REQUEST.replace(r#""p""#, &format!("{canary:?}"));
        let request = request.replace("\"request\"", &format!("\"settings\":{settings},\"request\""));
        let reply = serving.post("/list_accounts", &request);
        assert!(!reply.contains("7Kq2"), "{reply}");
    }
    let (_, log) = serving.stop("-TERM");
    assert!(!log.is_empty() && !log.contains("7Kq2"), "{log}");
}
