/** Which study texts are in force: new ones are accepted, unless they would withdraw files; those need confirmation. */
@NullMarked
package org.datman.ingest.configuration;

import org.jspecify.annotations.NullMarked;
