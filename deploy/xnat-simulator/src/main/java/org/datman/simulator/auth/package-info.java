/** Authentication: accounts, sessions, tokens, and rejections. */
@NullMarked
package org.datman.simulator.auth;

import org.jspecify.annotations.NullMarked;
