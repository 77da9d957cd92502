use super::super::tidy::tidy;
use super::*;

fn with(rules: &Rules, text: &str) -> Result<String, Vec<String>> {
    let source = Source::parse(text.to_owned()).unwrap();
    let mut survey = Survey::default();
    survey.add(&source.file, rules);
    match convert(&source, rules, &survey) {
        Ok(converted) => Ok(tidy(&source, converted).unwrap()),
        Err(rejections) => Err(rejections
            .into_iter()
            .map(|rejection| {
                let (line, column) = source.line_column(rejection.at);
                format!("{line}:{column}: {}", rejection.reason)
            })
            .collect()),
    }
}

#[track_caller]
fn becomes(before: &str, after: &str) {
    assert_eq!(with(&Rules::with(None).unwrap(), before).unwrap(), after);
}

/// The body of an async function, before and after the conversion.
#[track_caller]
fn body_becomes(before: &str, after: &str) {
    becomes(&format!("async fn f() {{\n{before}\n}}\n"), &format!("fn f() {{\n{after}\n}}\n"));
}

/// Expects a single rejection at this location whose reason contains `reason`.
#[track_caller]
fn rejects(text: &str, place: &str, reason: &str) {
    let rejections = with(&Rules::with(None).unwrap(), text).unwrap_err();
    assert!(
        rejections.len() == 1
            && rejections[0].starts_with(&format!("{place}: "))
            && rejections[0].contains(reason),
        "{rejections:#?}"
    );
}

mod functions {
    use super::*;

    #[test]
    fn async_is_removed_from_functions_in_modules_impls_and_traits() {
        becomes(
            "pub async fn a() {}\nimpl A {\n    pub(crate) async unsafe fn b(&self) {}\n}\ntrait B {\n    async   fn c();\n}\n",
            "pub fn a() {}\nimpl A {\n    pub(crate) unsafe fn b(&self) {}\n}\ntrait B {\n    fn c();\n}\n",
        );
    }

    #[test]
    fn a_returned_future_becomes_its_output() {
        becomes(
            "use std::future::Future;\nuse std::pin::Pin;\n\nfn a() -> impl Future<Output = Result<(), E>> + Send + 'static {\n    todo!()\n}\n",
            "fn a() -> Result<(), E> {\n    todo!()\n}\n",
        );
        becomes(
            "fn a() -> std::pin::Pin<Box<dyn Future<Output = reqwest::Response> + Send>> {\n    Box::pin(async move { b().await })\n}\nasync fn b() {}\n",
            "fn a() -> reqwest::blocking::Response {\n    { b() }\n}\nfn b() {}\n",
        );
        becomes(
            "use futures::future::BoxFuture;\nuse futures::FutureExt as _;\nfn a() -> BoxFuture<'static, ()> {\n    async { b()?; return }.boxed()\n}\n",
            "fn a() {\n    { b()?; return }\n}\n",
        );
        becomes("type A = BoxFuture<'static, u8>;\nuse futures::future::BoxFuture;\n", "type A = u8;\n");
        becomes(
            "struct A(Box<dyn Fn(u8) -> std::pin::Pin<Box<dyn Future<Output = u8>>>>);",
            "struct A(Box<dyn Fn(u8) -> u8>);",
        );
    }

    #[test]
    fn a_future_type_parameter_becomes_its_output() {
        becomes(
            "async fn retry<T, F, Fut>(f: F) -> T\nwhere\n    F: Fn() -> Fut,\n    Fut: Future<Output = Result<T, reqwest::Response>> + Send,\n{\n    f().await\n}\n",
            "fn retry<T, F>(f: F) -> T\nwhere\n    F: Fn() -> Result<T, reqwest::blocking::Response>,\n{\n    f()\n}\n",
        );
        becomes(
            "async fn g<Fut: Future<Output = reqwest::Response>>(f: fn() -> Fut) { f().await; }",
            "fn g(f: fn() -> reqwest::blocking::Response) { f(); }",
        );
        becomes(
            "async fn g<Fut: Future<Output = ()>>(f: fn() -> Fut) where Fut: Send { f().await }",
            "fn g(f: fn() -> ()) { f() }",
        );
    }

    #[test]
    fn async_closures_and_bounds_become_plain_ones() {
        becomes(
            "async fn a(f: impl AsyncFn(u8) -> u8) {\n    b(async |x| { f(x).await });\n    b(async move |x| x);\n}\n",
            "fn a(f: impl Fn(u8) -> u8) {\n    b(|x| { f(x) });\n    b(move |x| x);\n}\n",
        );
    }

    #[test]
    fn a_future_argument_or_field_is_rejected() {
        rejects("async fn a(f: impl Future<Output = ()>) {}", "1:15", "passed on or stored");
        rejects("struct A { f: std::pin::Pin<Box<dyn Future<Output = u8>>> }", "1:15", "passed on or stored");
        rejects("fn a<F: Future<Output = u8>>(f: F) {}", "1:33", "passed on or stored");
        rejects("impl Future for A {}", "1:6", "std::future::Future");
    }
}

mod awaits {
    use super::*;

    #[test]
    fn await_is_removed() {
        body_becomes(
            "    let x = a()\n        .b()\n        .await?\n        .c();",
            "    let x = a()\n        .b()?\n        .c();",
        );
        body_becomes("a(). await", "a()");
        body_becomes("a()\n    // why\n    .await?", "a()\n    // why\n    ?");
        body_becomes("match x { 1 => a(), _ => return }.await", "match x { 1 => a(), _ => return }");
        body_becomes("a().await.unwrap().await", "a().unwrap()");
    }

    #[test]
    fn a_stored_future_is_rejected() {
        rejects("async fn f() { let a = b(); c().await; a.await }", "1:40", "created earlier");
        rejects("async fn f() { self.a.await }", "1:16", "created earlier");
        rejects("async fn f() { (&mut a).await }", "1:17", "created earlier");
        rejects("async fn f() { self.a.take().unwrap().await }", "1:16", "created earlier");
        rejects("async fn f() { a.as_mut().await }", "1:16", "created earlier");
        rejects("async fn f() { match x { 1 => a, _ => b() }.await }", "1:31", "created earlier");
        rejects("async fn a() {}\nasync fn f() { let a = a(); }", "2:24", "not awaited at once");
        rejects(
            "impl A { async fn a(&self) {}\nasync fn f(&self) { drop(self.a()) } }",
            "2:26",
            "not awaited at once",
        );
    }

    #[test]
    fn an_awaited_async_block_runs_in_place() {
        body_becomes("async { a().await }.await;", "{ a() };");
        body_becomes("let x = async move { a().await }.await;", "let x = { a() };");
        body_becomes("let x = b(async { 1 }.await);", "let x = b(({ 1 }));");
        body_becomes("let x = async { a().await?; Ok(1) }.await;", "let x = (|| { a()?; Ok(1) })();");
        body_becomes("let x = async move { return 1 }.await;", "let x = (move || { return 1 })();");
        body_becomes("async { || { return 1 }; }.await;", "{ || { return 1 }; };");
    }

    #[test]
    fn a_stored_async_block_is_rejected() {
        rejects("fn f() { let a = async { 1 }; }", "1:18", "not awaited at once");
        rejects("fn f() { g(async move { 1 }) }", "1:12", "not awaited at once");
        rejects("fn f() { let a = Box::pin(async { 1 }); }", "1:27", "not awaited at once");
    }

    #[test]
    fn a_closure_returning_a_future_returns_its_output() {
        body_becomes("retry(|x| async move { a(x).await? }).await", "retry(move |x| { a(x)? })");
        body_becomes(
            "retry(|| { let b = b.clone(); async { b } })",
            "retry(|| { let b = b.clone(); { b } })",
        );
        body_becomes("retry(|| Box::pin(async { b }))", "retry(|| { b })");
    }
}

mod calls {
    use super::*;

    #[test]
    fn poisoned_locks_are_ignored() {
        becomes(
            "use tokio::sync::Mutex;\nasync fn f(m: &Mutex<u8>) { *m.lock().await += 1; }",
            "use std::sync::Mutex;\nfn f(m: &Mutex<u8>) { *m.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += 1; }",
        );
        becomes("async fn f(m: &My) { m.lock().await }", "fn f(m: &My) { m.lock() }");
    }

    #[test]
    fn a_rule_conflicts_with_a_method_of_the_folder() {
        rejects(
            "use tokio::sync::Mutex;\nimpl A { async fn lock(&self) {} }\nasync fn f(a: A) { a.lock().await }",
            "3:22",
            "both a method of this folder and of a rule",
        );
        becomes(
            "use tokio::sync::Mutex;\nimpl A { async fn lock(&self) { self.lock().await } }",
            "use std::sync::Mutex;\nimpl A { fn lock(&self) { self.lock() } }",
        );
    }

    #[test]
    fn channels_become_std_channels() {
        becomes(
            "use tokio::sync::mpsc;\nasync fn f() {\n    let (tx, mut rx) = mpsc::channel::<u8>(8);\n    let (a, b) = mpsc::unbounded_channel();\n    tx.send(1).await;\n    while let Some(x) = rx.recv().await {}\n}\nfn g(a: mpsc::Sender<u8>, b: mpsc::UnboundedSender<u8>) {}\n",
            "use std::sync::mpsc;\nfn f() {\n    let (tx, mut rx) = mpsc::sync_channel::<u8>(8);\n    let (a, b) = mpsc::channel();\n    tx.send(1);\n    while let Some(x) = rx.recv().ok() {}\n}\nfn g(a: mpsc::SyncSender<u8>, b: mpsc::Sender<u8>) {}\n",
        );
    }

    #[test]
    fn tasks_become_threads() {
        body_becomes(
            "let h = tokio::spawn(async move { a().await? });\nh.await.unwrap();",
            "let h = std::thread::spawn(move || { a()? });\nh.join().unwrap();",
        );
        body_becomes(
            "let mut hs = Vec::new();\nhs.push(tokio::spawn(a(x, 1)));\nfor h in hs { h.await; }",
            "let mut hs = Vec::new();\nhs.push(std::thread::spawn(move || a(x, 1)));\nfor h in hs { h.join(); }",
        );
        body_becomes(
            "let hs: Vec<_> = xs.map(|x| tokio::spawn(async move { x })).collect();\nfor h in hs { h.await; }",
            "let hs: Vec<_> = xs.map(|x| std::thread::spawn(move || { x })).collect();\nfor h in hs { h.join(); }",
        );
        body_becomes(
            "tokio::task::spawn_blocking(move || a()).await.unwrap()",
            "std::thread::spawn(move || a()).join().unwrap()",
        );
        body_becomes("connector::sync_to_async(move || a()).await", "(move || a())()");
        rejects("async fn f() { tokio::spawn(a(b())); }", "1:29", "plain names");
    }

    #[test]
    fn concurrent_calls_run_one_after_the_other() {
        body_becomes("let (a, b) = tokio::join!(a(), b(1));", "let (a, b) = (a(), b(1));");
        body_becomes("let (a,) = tokio::join!(a());", "let (a,) = (a(),);");
        body_becomes(
            "let (a, b) = tokio::try_join!(a(), async { b().await? })?;",
            "let (a, b) = (a()?, (|| { b()? })()?);",
        );
        becomes(
            "use tokio::join;\nasync fn f() {\n    join!(\n        a(),\n        b(),\n    );\n}\n",
            "fn f() {\n    (\n        a(),\n        b(),\n    );\n}\n",
        );
        rejects("async fn f() { tokio::try_join!(a(), b()); }", "1:16", "if a `?` follows");
        rejects("async fn f() { let a = a(); tokio::join!(a, b()); }", "1:42", "created earlier");
        rejects("async fn f() { tokio::join!(a(), rx.recv()); }", "1:16", "block each other");
        body_becomes(
            "let a = futures::future::join_all(b.iter().map(|b| c(b))).await;",
            "let a = b.iter().map(|b| c(b)).into_iter().collect::<Vec<_>>();",
        );
        rejects("async fn f() { futures::future::join_all(calls).await }", "1:16", "created earlier");
        body_becomes("futures::future::ready(1).await;", "1;");
        becomes("async fn f() { tokio::join! { a(), b() } (1, 2); }", "fn f() { ( a(), b() ); (1, 2); }");
    }

    #[test]
    fn handlers_are_registered_as_blocking() {
        becomes(
            "use connector::Integration;\nfn i() { Integration::builder(\"a\").register(A, a).register_custom(B, b).register_blocking(C, c) }\nasync fn t(i: Integration) { i.dispatch(\"a\", b).await }",
            "use connector::Integration;\nfn i() { Integration::builder(\"a\").register_blocking(A, a).register_custom_blocking(B, b).register_blocking(C, c) }\nfn t(i: Integration) { i.dispatch_blocking(\"a\", b) }",
        );
        becomes("fn i() { x.register(A, a) }", "fn i() { x.register(A, a) }");
    }

    #[test]
    fn streams_become_iterators() {
        becomes(
            "use futures::stream::{self, StreamExt};\nuse futures::Stream;\nasync fn f(mut s: impl Stream<Item = u8> + Unpin) {\n    while let Some(x) = s.next().await {}\n    stream::iter(0..3).map(|x| x).collect::<Vec<_>>().await;\n}\n",
            "use std::iter::Iterator;\nfn f(mut s: impl Iterator<Item = u8> + Unpin) {\n    while let Some(x) = s.next() {}\n    (0..3).into_iter().map(|x| x).collect::<Vec<_>>();\n}\n",
        );
    }
}

mod paths {
    use super::*;

    #[test]
    fn a_use_tree_is_split_if_necessary() {
        becomes(
            "use tokio::{fs, time::{sleep, Duration}};\nasync fn f(d: Duration) { sleep(d).await; fs::read(p).await; tokio::fs::write(a, b).await; }\n",
            "use std::{fs, thread::sleep, time::Duration};\nfn f(d: Duration) { sleep(d); fs::read(p); std::fs::write(a, b); }\n",
        );
        becomes(
            "use reqwest::{Client, StatusCode};\nfn f(c: Client, s: StatusCode) {}",
            "use reqwest::{StatusCode, blocking::Client};\nfn f(c: Client, s: StatusCode) {}",
        );
        becomes(
            "#[cfg(x)]\npub use tokio::{fs /* why */, time::Instant as Now};\n",
            "/* why */ #[cfg(x)]\npub use std::{fs, time::Instant as Now};\n",
        );
    }

    #[test]
    fn names_are_resolved_through_imports() {
        becomes(
            "use tokio::time;\nasync fn f() { time::sleep(time::Duration::ZERO).await }\n",
            "use std::time;\nfn f() { std::thread::sleep(time::Duration::ZERO) }\n",
        );
        becomes(
            "use tokio::sync::mpsc::channel;\nmod a { use super::*;\n    fn f() { channel(1) } }\nmod b { fn f() { channel(1) } }\n",
            "use std::sync::mpsc::sync_channel;\nmod a { use super::*;\n    fn f() { sync_channel(1) } }\nmod b { fn f() { channel(1) } }\n",
        );
        becomes(
            "use tokio::{io::{AsyncRead, AsyncReadExt as _}};\nasync fn f<R: AsyncRead>(mut r: R) { r.read_to_end(b).await }",
            "use std::io::{Read, Read as _};\nfn f<R: Read>(mut r: R) { r.read_to_end(b) }",
        );
    }

    #[test]
    fn async_is_removed_from_names_unless_they_collide() {
        becomes(
            "use crate::async_::AsyncClient;\nasync fn fetch_async(async_client: &AsyncClient) { async_client.get_async().await }",
            "use crate::sync_::Client;\nfn fetch(client: &Client) { client.get() }",
        );
        rejects(
            "use reqwest::Client;\nstruct AsyncClient { c: Client }",
            "2:8",
            "AsyncClient becomes Client",
        );
        becomes(
            "use std::sync::Mutex;\nuse tokio::sync::Mutex as AsyncMutex;\nfn f(a: AsyncMutex<()>) {}",
            "use std::sync::Mutex;\nfn f(a: Mutex<()>) {}",
        );
        rejects("async fn f(async_x: u8) { println!(\"{async_x}\") }", "1:37", "strings are not changed");
    }

    #[test]
    fn paths_without_a_counterpart_are_rejected() {
        rejects("async fn f() { tokio::time::timeout(d, a()).await; }", "1:16", "cannot be cancelled");
        rejects("async fn f() {\n    tokio::select! { _ = a() => {} }\n}", "2:5", "cannot race");
        rejects("use tokio::sync::*;", "1:18", "list them");
        rejects("use async_nats::A;", "1:17", "no rule for the crate");
        rejects("fn f() { async_nats::connect() }", "1:10", "no rule for the crate");
        rejects("use tokio::sync::oneshot;", "1:18", "mpsc::channel(1)");
    }

    #[test]
    fn attributes_are_converted() {
        becomes(
            "use async_trait::async_trait;\n\n#[async_trait]\nimpl A for B {\n    async fn a() {}\n}\n\n#[tokio::test(flavor = \"multi_thread\")]\nasync fn t() {}\n\n#[tokio::main] async fn main() {}\n",
            "impl A for B {\n    fn a() {}\n}\n\n#[test]\nfn t() {}\n\nfn main() {}\n",
        );
        rejects(
            "#[tokio::test(start_paused = true)]\nasync fn t() {}",
            "1:1",
            "start_paused has no counterpart",
        );
        rejects(
            "#[cfg_attr(x, async_trait::async_trait)]\nimpl A for B {}",
            "1:1",
            "write the attribute directly",
        );
    }
}

mod macros {
    use super::*;

    #[test]
    fn macro_arguments_are_converted_as_expressions() {
        body_becomes(
            "assert_eq!(a().await?, b::<u8>().await, \"{}\", c);",
            "assert_eq!(a()?, b::<u8>(), \"{}\", c);",
        );
        body_becomes("vec![tokio::fs::read(a).await; 3];", "vec![std::fs::read(a); 3];");
        body_becomes(
            "json!({ \"a\": a(tokio::time::Duration::ZERO).await });",
            "json!({ \"a\": a(std::time::Duration::ZERO) });",
        );
        becomes(
            "macro_rules! m { ($e:expr) => { f($e).await? } }\nuse tokio::sync::Mutex;",
            "macro_rules! m { ($e:expr) => { f($e)? } }\nuse std::sync::Mutex;",
        );
    }

    #[test]
    fn unknown_tokens_are_rejected() {
        rejects("async fn f() { json!({ \"a\": b.await }) }", "1:30", "created earlier");
        rejects("async fn f() { json!({ \"a\": async { 1 } }) }", "1:29", "no rule for this code");
        rejects(
            "use tokio::sync::Mutex;\nasync fn f() { json!({ \"a\": b.lock().await }) }",
            "2:37",
            "are not expressions",
        );
    }

    #[test]
    fn strings_comments_and_layout_are_unchanged() {
        let text = "//! async `.await`\n\n/// AsyncClient\nasync fn f()  {   // async\n  let a = \"async .await {\\n}\" ; /* a.await */\n\n\n    b(r#\"tokio::\"#,).await;\n}";
        becomes(text, &text.replace("async fn", "fn").replace(",).await;", ",);"));
    }
}

mod own_rules {
    use super::*;

    #[test]
    fn a_connector_can_add_every_kind_of_rule() {
        let rules = Rules::with(Some(
            r#"
            [paths]
            "my::aio" = "my::io"
            [drop]
            "my::Ext" = "none"
            [refuse]
            "my::race" = "it races"
            [names]
            "fetch" = "fetch_now"
            [attributes]
            "my::test" = { to = "test" }
            [macros]
            "my::all" = "sequence"
            [spawn]
            "my::go" = "future"
            [[call]]
            path = "my::within"
            args = 2
            awaited = true
            to = "my::run({0}, {1})"
            [[method]]
            name = "sent"
            args = 0
            awaited = true
            to = "call()"
            "#,
        ))
        .unwrap();
        let text = "use my::{Ext, aio::A};\n#[my::test]\nasync fn fetch() {\n    my::all!(a(), b());\n    my::within(1, || 2).await;\n    x.sent().await;\n}\n";
        let expected = "use my::io::A;\n#[test]\nfn fetch_now() {\n    (a(), b());\n    my::run(1, || 2);\n    x.call();\n}\n";
        assert_eq!(with(&rules, text).unwrap(), expected);
        assert_eq!(with(&rules, "async fn f() { my::race() }").unwrap_err(), ["1:16: my::race: it races"]);
    }
}

/// Every source of this workspace that can be converted becomes valid Rust, with all its comments and strings.
#[test]
fn comments_and_strings_of_real_code_are_kept() {
    let rules = Rules::with(None).unwrap();
    let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut converted, mut rejected) = (0, 0);
    for path in rust_files(&workspace) {
        let text = std::fs::read_to_string(&path).unwrap();
        let Ok(source) = Source::parse(text.clone()) else { continue };
        let after = match with(&rules, &text) {
            Ok(after) => Source::parse(after).unwrap_or_else(|error| panic!("{}: {error:?}", path.display())),
            Err(places) => {
                assert!(!places.is_empty());
                rejected += 1;
                continue;
            }
        };
        converted += 1;
        assert_eq!(comments(&source), comments(&after), "{}", path.display());
        assert_eq!(strings(&source), strings(&after), "{}", path.display());
        assert!(
            !after
                .tokens
                .iter()
                .any(|token| !token.in_attribute && matches!(token.ident(), Some("async" | "await")))
        );
    }
    assert!(converted > 10, "{converted} converted, {rejected} rejected");
}

fn rust_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            files.extend(rust_files(&path));
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    files
}

/// Sorted, because an import with a comment may move within its declaration.
fn comments(source: &Source) -> Vec<&str> {
    let mut comments: Vec<&str> = source.comments.iter().map(|place| &source.text[place.clone()]).collect();
    comments.sort_unstable();
    comments
}

fn strings(source: &Source) -> Vec<&str> {
    let literals = source.tokens.iter().filter(|token| token.kind == super::super::source::Kind::Literal);
    literals.filter(|token| !token.in_attribute).map(|token| &source.text[token.range.clone()]).collect()
}
