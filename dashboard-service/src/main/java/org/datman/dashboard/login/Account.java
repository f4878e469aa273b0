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
import org.jspecify.annotations.Nullable;

/** A user account. */
@Entity
@Table(name = "account")
@UserDefinition
public class Account {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Username
    private String username;

    @Password
    private String password;

    @Roles
    private String roles;

    /** For Hibernate. */
    protected Account() {}

    Account(String username, String password, String roles) {
        this.username = username;
        this.password = password;
        this.roles = roles;
    }

    public String getUsername() {
        return username;
    }

    /** Modular crypt format, bcrypt. */
    public String getPassword() {
        return password;
    }

    void setPassword(String hash) {
        password = hash;
    }

    /** Comma-separated: all roles that its grants include, for some study at least. */
    public String getRoles() {
        return roles;
    }

    void setRoles(String commaSeparated) {
        roles = commaSeparated;
    }
}
