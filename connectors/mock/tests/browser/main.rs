//! The page `/docs`, in a browser that can only access this machine.

mod access;
mod all_pages;
mod browser;
mod calls;
mod commands;
mod form;
mod keyring;
mod menu;
mod screenshot;
mod secrets;
mod server;
mod table;
mod token;
mod writes;
