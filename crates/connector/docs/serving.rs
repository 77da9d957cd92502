// Calls the application in the guide's page on serving.

fn ask(address: std::net::SocketAddr, path: &str, token: &str) -> std::io::Result<String> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(address)?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
#[tokio::main]
async fn check() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, application(Secret::from("the-token"))).await });
    let answers = tokio::task::spawn_blocking(move || -> std::io::Result<_> {
        Ok([
            ask(address, "/about", "")?,
            ask(address, "/connector/info", "")?,
            ask(address, "/connector/info", "the-token")?,
        ])
    });
    let [about, refused, info] = answers.await??;
    assert!(about.ends_with("human resources"), "{about}");
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    assert!(info.starts_with("HTTP/1.1 200") && info.contains("\"app_id\":\"hr\""), "{info}");
    Ok(())
}
