package org.datman.dashboard.login;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A valid login. */
@Entity
@Table(name = "login")
@SuppressWarnings("UnusedVariable") // columns that only queries read
class Login {

    /** SHA-256 of the cookie. */
    @Id
    private String digest;

    private String username;

    @Column(name = "until")
    private Instant validUntil;

    /** For Hibernate. */
    protected Login() {}

    Login(String digest, String username, Instant validUntil) {
        this.digest = digest;
        this.username = username;
        this.validUntil = validUntil;
    }
}
