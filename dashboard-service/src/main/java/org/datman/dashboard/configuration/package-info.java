/** Confirmation of study configuration changes that would withdraw files. */
package org.datman.dashboard.configuration;
