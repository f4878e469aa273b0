package org.nrg.xft.security;

/** As far as a script can see it, what XNAT 1.8 to 1.10 give under that name. */
public interface UserI {

    String getUsername();

    String getLogin();

    String getFirstname();

    String getLastname();

    String getEmail();
}
