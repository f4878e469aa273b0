/** What all pages share: the frame, words and times, the guard against forged requests. */
package org.datman.dashboard.web;
