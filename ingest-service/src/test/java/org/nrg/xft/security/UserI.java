package org.nrg.xft.security;

/** The part of the class of XNAT 1.8 to 1.10 that scripts can use. */
public interface UserI {

    String getUsername();

    String getLogin();

    String getFirstname();

    String getLastname();

    String getEmail();
}
