/** Authentication: accounts with bcrypt-hashed passwords, the login page, the key of the login cookie. */
@NullMarked
package org.datman.dashboard.login;

import org.jspecify.annotations.NullMarked;
