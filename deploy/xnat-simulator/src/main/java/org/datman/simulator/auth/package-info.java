/** The door: accounts, sessions, tokens, and what refusals look like. */
package org.datman.simulator.auth;
