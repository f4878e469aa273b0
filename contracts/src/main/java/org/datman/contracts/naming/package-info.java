/**
 * Names of sessions, series and files: DATMAN identifiers, KCNI identifiers and their mapping, file names, BIDS names.
 *
 * <p>The grammar is strict where the old parser was lax: text is trimmed, lower case, {@code _XX}, people called
 * {@code PHA…} and text that only looks like an extension are refused. Every refusal is a {@link
 * org.datman.contracts.naming.NamingException} that names the field, what is wrong and what is allowed. All types are
 * immutable; nothing here does I/O.
 */
@NullMarked
package org.datman.contracts.naming;

import org.jspecify.annotations.NullMarked;
