package org.datman.dashboard.login;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.datman.dashboard.access.Grant;

/** A token with which a program logs in as an account. The token itself is stored nowhere. */
@Entity
@Table(name = "api_token")
class ApiToken {

    /** SHA-256 of the token. */
    @Id
    private String digest;

    private String username;
    private String name;
    private String role;
    private String study;
    private String site;
    private Instant created;

    @Column(name = "until")
    private Instant validUntil;

    /** For Hibernate. */
    protected ApiToken() {}

    ApiToken(String digest, String username, String name, Grant grant, Instant created, Instant validUntil) {
        this.digest = digest;
        this.username = username;
        this.name = name;
        this.role = grant.role();
        this.study = grant.study();
        this.site = grant.site();
        this.created = created;
        this.validUntil = validUntil;
    }

    String username() {
        return username;
    }

    String name() {
        return name;
    }

    /** The most that it may. */
    Grant grant() {
        return new Grant(role, study, site);
    }

    Instant created() {
        return created;
    }

    Instant validUntil() {
        return validUntil;
    }
}
