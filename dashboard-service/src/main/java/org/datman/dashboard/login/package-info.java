/** Authentication: accounts with bcrypt-hashed passwords, the login page, the key of the login cookie. */
package org.datman.dashboard.login;
