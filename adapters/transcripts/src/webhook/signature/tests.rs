use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The test vector that the libraries of Standard Webhooks share.
#[test]
fn it_signs_as_the_standard_says() {
    let signer = Signer::new(&SecretString::from(SECRET)).unwrap();
    let signature = signer.sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        br#"{"test": 2432232314}"#,
    );
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn two_secrets_sign_twice_and_the_prefix_does_not_matter() {
    let mut signer = Signer::new(&SecretString::from(SECRET)).unwrap();
    let old = SECRET.trim_start_matches("whsec_");
    signer.sign_also_with(&SecretString::from(old)).unwrap();
    let signatures = signer.sign("id", 1, b"{}");
    let (new, old) = signatures.split_once(' ').unwrap();
    assert_eq!(new, old);
}

#[test]
fn a_secret_that_cannot_sign_says_how_to_make_one() {
    for secret in ["", "a password", "c2hvcnQ="] {
        let error = Signer::new(&SecretString::from(secret)).unwrap_err();
        assert!(error.to_string().contains("openssl rand -base64 32"));
    }
}
