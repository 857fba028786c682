use super::*;

const LIFE: Duration = Duration::from_secs(300);

#[test]
fn a_token_is_good_for_its_call_and_its_time() {
    let mint = mint("secret");
    let token = mint.token("CA1", 2, now() + LIFE);
    let claim = |expired| Some(Claim { losses: 2, expired });
    assert_eq!(mint.check(&token, "CA1", now()), claim(false));
    assert_eq!(mint.check(&token, "CA1", now() + LIFE), claim(false));
    let late = now() + LIFE + Duration::from_secs(1);
    assert_eq!(mint.check(&token, "CA1", late), claim(true));
    assert_eq!(mint.check(&token, "CA2", now()), None);
    assert_eq!(mint.check(&token, "", now()), None);
}

#[test]
fn servers_with_one_secret_share_tokens_and_others_do_not() {
    let token = mint("secret").token("CA1", 0, now());
    assert!(mint("secret").check(&token, "CA1", now()).is_some());
    assert!(mint("other").check(&token, "CA1", now()).is_none());
    let own = Mint::own().unwrap();
    assert!(own.check(&token, "CA1", now()).is_none());
    let token = own.token("CA1", 0, now());
    assert!(Mint::own().unwrap().check(&token, "CA1", now()).is_none());
}

#[test]
fn a_token_that_was_touched_is_worth_nothing() {
    let mint = mint("secret");
    let token = mint.token("CA1", 0, now());
    for touched in [
        "",
        "..",
        "a.b.c",
        token.trim_end_matches(|c| c != '.'),
        &token[1..],
        &format!("9{token}"),
        &format!("{token}A"),
        &token.replacen(".0.", ".1.", 1),
        &token.replacen(".0.", ".0.0.", 1),
    ] {
        assert_eq!(mint.check(touched, "CA1", now()), None, "{touched}");
    }
    // The line between the claim and the call cannot be moved.
    let (claim, mac) = token.rsplit_once('.').unwrap();
    let moved = format!("{claim}\nC.{mac}");
    assert_eq!(mint.check(&moved, "A1", now()), None);
}

fn mint(secret: &str) -> Mint {
    Mint::shared(&secret.into())
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_795_300_000)
}
