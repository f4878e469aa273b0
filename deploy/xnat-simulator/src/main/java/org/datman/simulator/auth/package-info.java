/** Authentication: accounts, sessions, tokens, and rejections. */
package org.datman.simulator.auth;
