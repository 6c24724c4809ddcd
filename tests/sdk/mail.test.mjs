// Both versions of the npm SDKs with a real mail server.
import { mailStory } from './mail-story.mjs';

mailStory(27, 27);
mailStory(21, 20);
