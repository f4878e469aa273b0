/** Confirmation of study configuration changes that would withdraw files. */
@NullMarked
package org.datman.dashboard.configuration;

import org.jspecify.annotations.NullMarked;
