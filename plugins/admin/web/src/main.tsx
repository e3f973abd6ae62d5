import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { startTheme } from './app/theme';
import { startLanguage } from './i18n/language';
import { loadSpeech } from './i18n/text';
import './styles/base.css';

startTheme();
const language = startLanguage();
const speech = await loadSpeech(language);
const root = document.getElementById('root');
if (root) createRoot(root).render(<StrictMode><App first={{ language, ...speech }} /></StrictMode>);
