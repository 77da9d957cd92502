use connector::Integration;
use connector::error::HttpHandler;

fn main() {
    let _ = Integration::builder("github").on_error::<std::io::Error>(HttpHandler);
}
