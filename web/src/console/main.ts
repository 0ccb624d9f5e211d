import { mount } from 'svelte';
import '../app.css';
import '../lib/theme.svelte';
import { firstLanguage, speak } from '../lib/i18n.svelte';
import App from './App.svelte';

const language = firstLanguage();
// English needs no file: it is painted at once; other languages wait for theirs, and fall back to English without it.
void (language === 'en' ? Promise.resolve() : speak(language).catch(() => undefined)).then(() => mount(App, { target: document.getElementById('app')! }));
