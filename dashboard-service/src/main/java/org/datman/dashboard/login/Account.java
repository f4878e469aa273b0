package org.datman.dashboard.login;

import io.quarkus.security.jpa.Password;
import io.quarkus.security.jpa.Roles;
import io.quarkus.security.jpa.UserDefinition;
import io.quarkus.security.jpa.Username;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A user account. */
@Entity
@Table(name = "account")
@UserDefinition
public class Account {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    @Username
    public String username;

    /** Modular crypt format, bcrypt. */
    @Password
    public String password;

    /** Comma-separated, see {@link Role}. */
    @Roles
    public String roles;
}
